"""A run as one page for people: its facts to be searched and opened in their articles, and charts of them."""

from pipeline.report.render import ReportOptions, ReportSummary, write_report
from pipeline.report.texts import languages

__all__ = ["ReportOptions", "ReportSummary", "languages", "write_report"]
