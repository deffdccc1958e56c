-- Request budgets of processes that share no Redis. Unlogged: losing them costs nothing but a burst.
CREATE UNLOGGED TABLE "request_tokens" (
    "name" TEXT NOT NULL,
    "tokens" DOUBLE PRECISION NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,

    CONSTRAINT "request_tokens_pkey" PRIMARY KEY ("name")
);

-- Refills a budget, notes what was taken, and hands out up to so many more. The clock is read after the row is locked, so
-- that it never runs backwards between two processes. Debts end at 30 s: nobody waits longer.
CREATE FUNCTION take_tokens(
    budget TEXT, per_second DOUBLE PRECISION, burst DOUBLE PRECISION, taken DOUBLE PRECISION, wanted DOUBLE PRECISION,
    OUT given DOUBLE PRECISION, OUT wait_ms DOUBLE PRECISION
) LANGUAGE plpgsql AS $$
DECLARE
    held "request_tokens";
    moment TIMESTAMPTZ;
    left_over DOUBLE PRECISION;
BEGIN
    INSERT INTO "request_tokens" VALUES (budget, burst, clock_timestamp()) ON CONFLICT DO NOTHING;
    SELECT * INTO held FROM "request_tokens" WHERE "name" = budget FOR UPDATE;
    moment := clock_timestamp();
    left_over := least(burst, held."tokens" + greatest(0, extract(epoch FROM moment - held."at")) * per_second);
    left_over := greatest(-30 * per_second, left_over - taken);
    given := least(wanted, greatest(0, floor(left_over)));
    left_over := left_over - given;
    UPDATE "request_tokens" SET "tokens" = left_over, "at" = moment WHERE "name" = budget;
    wait_ms := CASE WHEN given = 0 THEN greatest(0, ceil((1 - left_over) / per_second * 1000)) ELSE 0 END;
END
$$;
