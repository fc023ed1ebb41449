"""Facts across articles: which state the same, which agree, which contradict, and what was revised."""
