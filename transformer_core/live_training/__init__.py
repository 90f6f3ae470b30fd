"""A tiny Transformer trained while its reader watches: tasks, limits, one loop, one process."""
