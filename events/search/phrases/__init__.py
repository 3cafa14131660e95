"""What a plain phrase asks for: "free python workshops in berlin next weekend" is the text "python
workshops" and three filters. A small grammar over words; nothing is learnt, nothing is asked.
"""

from events.search.phrases.understanding import Understood, understand

__all__ = ["Understood", "understand"]
