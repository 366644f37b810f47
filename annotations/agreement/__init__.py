"""How far coders agree: coefficients over plain tables, pure; sources in docs/agreement.md."""
