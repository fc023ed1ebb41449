-- Answers to common questions, in SQL that SQLite, DuckDB and PostgreSQL read alike. A comment before each view says
-- what it answers; docs/tables.md shows it. Texts are compared by coalesce: SQLite before 3.39 lacks IS NOT DISTINCT FROM.

-- How many did each maker deliver, sell or see registered in each month? One row for each maker, month, model and
-- place that a fact names; the lowest and the highest figure that was stated, and how many articles state one.
CREATE VIEW deliveries_by_month AS
SELECT
  coalesce(CASE WHEN f.subject_kind = 'model' THEN p.parent END, f.subject) AS maker,
  f.period AS month,
  f.type AS type,
  CASE WHEN f.subject_kind = 'model' THEN f.subject ELSE f.object END AS model,
  f.place AS place,
  f.unit AS unit,
  min(coalesce(f.value, f.low)) AS lowest,
  max(coalesce(f.value, f.high)) AS highest,
  count(DISTINCT f.article_id) AS articles,
  max(f.confidence) AS confidence
FROM facts f
LEFT JOIN parties p ON p.name = f.subject AND p.kind = f.subject_kind
WHERE f.type IN ('deliveries', 'sales', 'registrations')
  AND f.subject_kind IN ('company', 'brand', 'model')
  AND f.modality = 'actual'
  AND f.polarity = 'positive'
  AND length(f.period) = 7
  AND substr(f.period, 6, 1) IN ('0', '1')
GROUP BY 1, 2, 3, 4, 5, 6;

-- What does each model cost, and when was that said? One row for each price that an article states.
CREATE VIEW prices_by_model AS
SELECT
  f.subject AS model,
  p.parent AS brand,
  coalesce(f.value, f.low) AS price,
  f.high AS up_to,
  f.unit AS currency,
  f.qualifier AS qualifier,
  f.place AS place,
  f.basis AS basis,
  f.modality AS modality,
  f.period AS period,
  f.published AS published,
  f.confidence AS confidence,
  f.article_id AS article_id,
  f.fact_id AS fact_id
FROM facts f
LEFT JOIN parties p ON p.name = f.subject AND p.kind = f.subject_kind
WHERE f.type = 'price' AND f.subject_kind = 'model' AND f.polarity = 'positive';

-- What was aimed at or foretold for a period, and what came of it? One row for each pair of facts that are equal in
-- type, parties, metric, period, unit, rate, basis and place.
CREATE VIEW targets_and_actuals AS
SELECT
  t.subject AS subject,
  t.object AS object,
  t.type AS type,
  t.metric AS metric,
  t.period AS period,
  t.modality AS modality,
  t.unit AS unit,
  t.value AS target,
  a.value AS actual,
  a.value - t.value AS difference,
  t.published AS target_published,
  a.published AS actual_published,
  t.fact_id AS target_fact,
  a.fact_id AS actual_fact
FROM facts t
JOIN facts a
  ON a.type = t.type
  AND a.subject = t.subject
  AND a.unit = t.unit
  AND coalesce(a.object, '') = coalesce(t.object, '')
  AND coalesce(a.metric, '') = coalesce(t.metric, '')
  AND coalesce(a.per, '') = coalesce(t.per, '')
  AND coalesce(a.place, '') = coalesce(t.place, '')
  AND coalesce(CAST(a.basis AS VARCHAR), '') = coalesce(CAST(t.basis AS VARCHAR), '')
  AND a.period_start = t.period_start
  AND a.period_end = t.period_end
WHERE t.modality IN ('planned', 'forecast')
  AND a.modality = 'actual'
  AND t.polarity = 'positive'
  AND a.polarity = 'positive'
  AND t.value IS NOT NULL
  AND a.value IS NOT NULL;

-- Which aims and forecasts for one period were stated with another figure later on? One row for each that differs
-- from the one published before it. `consolidate` (docs/consolidate.md) tells roundings from revisions, too.
CREATE VIEW forecast_revisions AS
SELECT *, value - value_before AS change
FROM (
  SELECT
    subject,
    object,
    type,
    metric,
    period,
    place,
    modality,
    source,
    unit,
    lag(value) OVER said_before AS value_before,
    value,
    lag(published) OVER said_before AS published_before,
    published,
    lag(fact_id) OVER said_before AS fact_before,
    fact_id
  FROM facts
  WHERE modality IN ('planned', 'forecast')
    AND polarity = 'positive'
    AND value IS NOT NULL
    AND period IS NOT NULL
    AND published IS NOT NULL
  WINDOW said_before AS (
    PARTITION BY
      subject, object, type, metric, period_start, period_end, period, place, modality,
      CASE WHEN modality = 'forecast' THEN source END, unit, per, CAST(basis AS VARCHAR)
    ORDER BY published_start, fact_id
  )
) AS stated
WHERE value <> value_before AND published <> published_before;
