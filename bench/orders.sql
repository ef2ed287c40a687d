-- Orders for the lists, set-based: what the house would hold after years, in its usual proportions.
-- Parameters stand in the table `given`; `seed` says for each order whose it is and how far it got.

CREATE TEMP TABLE seed AS
WITH RECURSIVE numbers (n) AS (
    SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < (SELECT orders FROM given)
)
SELECT
    n,
    n * 7919 % 100 AS kind,
    -- One merchant has four fifths of the orders, one factory ships two thirds of them.
    CASE WHEN n * 31 % 10 < 8 THEN 0 ELSE 1 + n * 17 % (merchants - 1) END AS merchant,
    CASE WHEN n * 13 % 9 < 6 THEN 0 ELSE 1 + n * 23 % (factories - 1) END AS factory,
    since + n * step AS at,
    since + n * step + 172800000000 AS ship_by
FROM numbers, given;

CREATE TEMP TABLE stages AS
SELECT
    seed.*,
    -- Of a hundred orders: 2 unassigned, 8 to ship, 85 shipped, 3 cancelled, 2 refunds at a factory.
    kind < 2 AS waiting,
    kind BETWEEN 2 AND 9 OR kind > 97 AS assigned,
    kind BETWEEN 10 AND 94 AS shipped,
    kind BETWEEN 95 AND 97 AS cancelled,
    kind > 97 AS refund,
    merchant * factories + factory + 1 AS binding,
    merchant + 1 AS merchant_id,
    merchants + factory + 1 AS factory_id
FROM seed, given;

INSERT INTO binding (
    id, merchant_id, factory_id, status, requested_by, requested_at, expires_at, answered_at,
    merchant_alias, factory_alias, open_count
)
WITH RECURSIVE pairs (n) AS (
    SELECT 0 UNION ALL
    SELECT n + 1 FROM pairs WHERE n + 1 < (SELECT merchants * factories FROM given)
)
SELECT
    n + 1, n / factories + 1, merchants + n % factories + 1, 'bound', 1, since, since, since,
    '', '', 0
FROM pairs, given;

INSERT INTO orders (
    id, merchant_id, platform, order_no, reversed_no, province, factory_id, status, after_sale,
    closed_reason, tab, sort_at, revision, complete, pieces, paid_at,
    ship_by, created_at, updated_at
)
SELECT
    n, merchant_id, 'doudian', '69' || printf('%017d', n),
    -- The seventeen digits read backwards: SQLite has no reverse().
    (
        WITH RECURSIVE turned (place, text) AS (
            SELECT 1, '' UNION ALL
            SELECT place + 1, substr(printf('%017d', n), place, 1) || text FROM turned
            WHERE place <= 17
        )
        SELECT text FROM turned WHERE place = 18
    ) || '96',
    CASE n % 5 WHEN 0 THEN '广东' WHEN 1 THEN '江苏' ELSE '浙江' END,
    CASE WHEN assigned OR shipped THEN factory_id END,
    CASE WHEN waiting THEN 'unassigned' WHEN assigned THEN 'assigned' WHEN shipped THEN 'shipped'
         ELSE 'closed' END,
    CASE WHEN refund THEN 'open' ELSE 'none' END,
    CASE WHEN cancelled THEN 'cancelled' END,
    CASE WHEN waiting THEN 'unassigned' WHEN shipped THEN 'shipped'
         WHEN cancelled OR refund THEN 'stopped' ELSE 'to_ship' END,
    CASE WHEN shipped OR cancelled OR refund THEN at + 3600000000 ELSE ship_by END,
    1 + (n % 7 = 0), 1, 1 + (n % 3 = 0), at, ship_by, at, at
FROM stages;

-- Every third order has a second line.
INSERT INTO order_line (
    id, order_id, merchant_id, extra, sub_order_no, product_name, sku_spec, product_code, quantity
)
SELECT
    n * 2, n, merchant_id, '', '69' || printf('%017d', n) || '1', '双层玻璃杯 330ml', '透明',
    'C-330', 1
FROM stages
UNION ALL
SELECT n * 2 + 1, n, merchant_id, '', '69' || printf('%017d', n) || '2', '杯刷', '', 'B-1', 1
FROM stages WHERE n % 3 = 0;

INSERT INTO recipient (
    order_id, merchant_id, row_key, key_id, name, phone, address, masked_name, masked_phone,
    masked_address, same_hash
)
SELECT
    n, merchant_id, 'doudian:69' || printf('%017d', n), 1, randomblob(41), randomblob(43),
    randomblob(90), '张**', '138****' || printf('%04d', n % 10000), '浙江省金华市义乌市***',
    lower(hex(randomblob(32)))
FROM stages;

INSERT INTO order_change (order_id, revision, source, changed_at, diffs)
SELECT n, 2, 'file', at + 1800000000, '[{"field":"buyer_note","before":"","after":"快点"}]'
FROM stages WHERE n % 7 = 0;

INSERT INTO assignment (
    id, order_id, merchant_id, factory_id, binding_id, extra, status, tab, sort_at, tag,
    assigned_by, assigned_at, changed_at, ended_at, decline_reason, held_reason
)
SELECT
    n, n, merchant_id, factory_id, binding, '',
    CASE WHEN shipped THEN 'shipped' WHEN n / 100 % 2 THEN 'assigned' ELSE 'accepted' END,
    CASE WHEN shipped THEN 'shipped' ELSE 'to_ship' END,
    CASE WHEN shipped THEN at + 3600000000 ELSE ship_by END,
    substr(letters, 1 + n / 46656 % 36, 1) || substr(letters, 1 + n / 1296 % 36, 1)
        || substr(letters, 1 + n / 36 % 36, 1) || substr(letters, 1 + n % 36, 1),
    1, at,
    CASE WHEN n % 7 = 0 AND assigned THEN at + 1800000000 END,
    CASE WHEN shipped THEN at + 3600000000 END, '', ''
FROM stages, (SELECT '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ' AS letters)
WHERE assigned OR shipped;

INSERT INTO assignment_piece (assignment_id, line_id, quantity)
SELECT assignment.id, order_line.id, order_line.quantity
FROM assignment JOIN order_line ON order_line.order_id = assignment.order_id;

INSERT INTO shipment (
    id, assignment_id, order_id, merchant_id, factory_id, carrier, tracking_number, shipped_by,
    shipped_at, verdict
)
SELECT
    n, n, n, merchant_id, factory_id, 'sf', 'SF' || printf('%013d', n), 2, at + 3600000000, ''
FROM stages WHERE shipped;

INSERT INTO shipment_piece (shipment_id, line_id, quantity)
SELECT shipment.id, line_id, quantity
FROM assignment_piece JOIN shipment ON shipment.id = assignment_piece.assignment_id;

INSERT INTO audit (at, account_id, shop_id, order_id, door, act, detail)
SELECT at, 1, merchant_id, n, 'file', 'imported', '{}' FROM stages
UNION ALL
SELECT at, 1, merchant_id, n, 'chat', 'assigned', '{"assignment":1,"factory":6}' FROM stages
WHERE assigned OR shipped
UNION ALL
SELECT at, 2, factory_id, n, 'chat', 'shipped', '{"assignment":1}' FROM stages WHERE shipped;

INSERT INTO alert (
    chat_id, account_id, shop_id, event, payload, state, due_at, attempts, doubtful, created_at,
    settled_at
)
SELECT 2001, 1, factory_id, 'OrderAssigned', '{"assignment_id":' || n || '}', 'sent', at, 1, 0, at,
    at
FROM stages WHERE assigned OR shipped;

INSERT INTO counter (shop_id, name, n)
SELECT merchant_id, tab, count(*) FROM orders GROUP BY 1, 2
UNION ALL
SELECT factory_id, tab, count(*) FROM assignment GROUP BY 1, 2
UNION ALL
SELECT factory_id, 'changed', count(*) FROM assignment WHERE changed_at IS NOT NULL GROUP BY 1;

UPDATE binding SET open_count = counted.n
FROM (
    SELECT binding_id, count(*) AS n FROM assignment WHERE tab = 'to_ship' GROUP BY 1
) AS counted
WHERE binding.id = counted.binding_id;

DROP TABLE stages;
DROP TABLE seed;
