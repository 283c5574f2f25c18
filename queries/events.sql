-- question: Which releases do the charts mark, and where are their dates from?
-- grain: one row per event
-- units: date: day
-- parameters: none
select date, label, coalesce(short_label, label) as short_label, kind, source from events order by date, label
