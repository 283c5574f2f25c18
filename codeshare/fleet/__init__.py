"""Many repositories mined at once: fetched, shared out among workers, put together again."""
