"""Kinds of deadlines, their buckets, what ends one, what a recomputation decides."""
