"""sync-drift monitor: says which Expensify reports NetSuite would refuse, before it does."""

import gc

__version__ = "0.1.0"

# Records and reports are a hundred thousand values without cycles: searching them as eagerly as
# Python does by default takes half the time of a prediction, and a tenth of a command's start.
gc.set_threshold(100_000, 50, 50)
