"""Facts as tables: a documented relational shape, in files that other tools read, and in PostgreSQL."""
