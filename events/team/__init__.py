"""Mail that asks someone to join a host's team."""
