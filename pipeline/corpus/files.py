"""Reading YAML to strings, lists and maps alone."""

from __future__ import annotations

import yaml


class _Loader(yaml.BaseLoader):
    """Builds strings, lists and maps ("2024-10" and "no" stay what is written) and refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        seen: set[object] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} stands twice", key.start_mark)
            seen.add(key.value)
        return dict(super().construct_mapping(node, deep))


def parse_yaml(source: str) -> object:
    """The document `source` as strings, lists and maps. Raises ValueError naming line and reason."""
    try:
        return yaml.load(source, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise ValueError(f"no YAML: {line}{error.problem or error}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(f"no YAML: {error}") from error
