"""How right attribution by marks is, held against line records that codeshare did not make."""
