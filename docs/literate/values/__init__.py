"""Values as they are when a step is taken: copies that stay so, and a few words for what is no number.

This room knows nothing of programs.
"""

from literate.values.taken import Said, as_json, begun, copied, is_large, is_plain, number, take, whole

__all__ = ["Said", "as_json", "begun", "copied", "is_large", "is_plain", "number", "take", "whole"]
