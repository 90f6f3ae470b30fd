"""Training and recorded experiments, run from the command line.

What pays on a CPU, in tokens per second (fable-classic, sequences of 256 in parts of 8, torch 2.13,
one core of x86-64 with AVX-512 and bfloat16 products):

| | float32 | bfloat16 | bfloat16, attention in float32 |
|---|---|---|---|
| eager | 2,620 | 3,420 | 3,919 |
| compiled | | 4,055 | 4,734 |

Without AVX-512 a CPU takes about ten times as long in bfloat16, so that all is in float32 there.

Muon against AdamW, held-out TinyStories in nats per token after 1 million tokens (fable-tiny, one
seed): Muon 4.22 at the peak rate of 0.004; AdamW 5.00 at 0.002 and 5.49 at 0.004. The CPU seconds:
141, 128 and 141.
"""
