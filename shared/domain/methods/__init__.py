"""Methods of scoring as data: how the system counts, versioned and with sources."""
