"""Block Kit: what people see, drawn from messages and small values."""
