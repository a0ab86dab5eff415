"""Batch: the same settings for many pictures, by as many hands as there are, with a ledger of what is done."""
