"""What Prometheus is told: what the database knows (registry.py), and what each process counts
(instruments.py).
"""

from eventmate.metrics.registry import REGISTRY, Registry

__all__ = ["REGISTRY", "Registry"]
