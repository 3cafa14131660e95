"""What Prometheus is told: what the database knows (registry.py), what each process counts
(instruments.py), and how the web workers' counts become one (sharing.py).

Nothing is imported here: prometheus_client decides at its import where it counts, and Gunicorn's
master imports sharing.py to decide that first.
"""
