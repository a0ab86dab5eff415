"""The local server: one per user, started on demand, warm between calls, gone when idle.

Nothing here imports PyTorch except the worker's thread, so that the server answers within a fraction of a second of its start.
"""
