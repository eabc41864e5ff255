"""Full text over names, definitions and quoted phrases: folding, transliteration, the index and its ranking."""
