"""Readers: a file's text as rows, each with the line on which it begins."""
