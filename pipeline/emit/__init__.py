"""What is written: records with a JSON Schema, in files that appear whole or not at all."""

from pipeline.emit.jsonl import AtomicFiles, json_line, publish_sealed, remove_partial, write_atomic
from pipeline.emit.records import (
    ArticleRecord,
    DetectError,
    DetectRecord,
    ExplanationRecord,
    RequestId,
    article_record,
    detect_record,
    explanation_records,
    fact_schema,
)

__all__ = [
    "ArticleRecord",
    "AtomicFiles",
    "DetectError",
    "DetectRecord",
    "ExplanationRecord",
    "RequestId",
    "article_record",
    "detect_record",
    "explanation_records",
    "fact_schema",
    "json_line",
    "publish_sealed",
    "remove_partial",
    "write_atomic",
]
