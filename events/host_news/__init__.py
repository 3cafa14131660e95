"""The weekly mail about new events of the hosts that somebody follows."""
