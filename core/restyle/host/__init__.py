"""What this computer has and allows: folders, locks, memory, threads."""
