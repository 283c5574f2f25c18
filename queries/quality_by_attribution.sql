-- question: Do commits of AI keep functions shorter, simpler and with fewer parameters than others, and do they comment or repeat more?
-- grain: one row per measure, scope and part (ai, assisted, human, all, ai - human, ai / human); none before `codeshare mine --quality`
-- units: share: 0 to 1, of ai / human: ratio; low, high: 95 % interval, null under 30 commits; n: sampled commits, of a comparison the fewer
-- parameters: none
with measures(metric, place, label) as (
    values
        ('dmm_unit_size', 1, 'Delta maintainability: size of functions'),
        ('dmm_complexity', 2, 'Delta maintainability: complexity of functions'),
        ('dmm_interfacing', 3, 'Delta maintainability: parameters of functions'),
        ('comment_share', 4, 'Comments among added lines'),
        ('duplicated_share', 5, 'Duplicated among added code lines')
),
parts(part, rank) as (
    values ('ai', 1), ('assisted', 2), ('human', 3), ('all', 4), ('ai - human', 5), ('ai / human', 6)
)
select e.metric, m.label, e.scope, e.part, e.value, e.low, e.high, e.n, e.unit, e.method, e.seed
from estimates as e
join measures as m on m.metric = e.metric
join parts as p on p.part = e.part
order by m.place, e.scope <> 'all', e.scope, p.rank
