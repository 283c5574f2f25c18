"""One module a section: findings in words, figures, and the tables behind them."""
