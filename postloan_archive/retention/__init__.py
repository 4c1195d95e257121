"""Retention: periods, holds, appraisal, destruction and what is left of it for ever."""
