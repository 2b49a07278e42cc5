"""Hot issues (热点问题): kept from day to day, alarmed, confirmed by people."""
