"""Adapters that deliver mail."""
