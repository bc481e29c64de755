"""Benchmarks. Each measures its ceiling (nginx, smtp-source) in the same run and judges the ratio, never the clock alone."""
