using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Billing.Storage.Migrations;

/// <summary>Plans, who has which, and what happens to a person's rows when he comes and when he is erased.</summary>
[DbContext(typeof(BillingDb))]
[Migration("20261123102000_CreateSubscriptions")]
internal sealed class CreateSubscriptions : SqlMigration
{
    protected override string UpSql => """
        create table plans (
            key varchar(32) primary key constraint ck_plans_key check (key ~ '^[a-z][a-z0-9_]*$'),
            rank int not null unique constraint ck_plans_rank check (rank >= 0),
            price numeric(10, 2) not null constraint ck_plans_price check (price >= 0),
            period_months int not null constraint ck_plans_period_months check (period_months between 1 and 12),
            letters_per_period int not null constraint ck_plans_letters_per_period check (letters_per_period >= 0),
            iterations_per_letter int not null constraint ck_plans_iterations_per_letter check (iterations_per_letter >= 0)
        );
        insert into plans (key, rank, price, period_months, letters_per_period, iterations_per_letter) values
            ('free', 0, 0.00, 1, 3, 2), ('basic', 1, 299.00, 1, 20, 5), ('pro', 2, 990.00, 1, 100, 10);

        -- One a person, from his first day on: what he has now.
        create table subscriptions (
            user_id bigint primary key references user_balances (user_id),
            plan varchar(32) not null references plans (key),
            period_start timestamptz not null,
            period_end timestamptz not null constraint ck_subscriptions_period check (period_end > period_start),
            letters_used int not null default 0 constraint ck_subscriptions_letters_used check (letters_used >= 0)
        );

        -- Opens a person's account, on the free plan, with his start credits when they are due. Does the rest of it when it is called
        -- again, and nothing for a person who was erased.
        create function open_account(p_user_id bigint, p_start_credits numeric, p_now timestamptz) returns void
        language plpgsql as $$
        begin
            insert into user_balances (user_id, created_at, updated_at) values (p_user_id, p_now, p_now) on conflict (user_id) do nothing;
            if found then
                insert into subscriptions (user_id, plan, period_start, period_end)
                -- Months are counted in UTC, whatever the server's time zone is.
                select p_user_id, key, p_now, (p_now at time zone 'UTC' + period_months * interval '1 month') at time zone 'UTC' from plans where key = 'free';
            end if;

            perform grant_start_credits(p_user_id, p_start_credits, 'start_credits', p_now);
        end $$;

        -- Marks a test account, or takes the mark away; null when there is no such account.
        create function mark_test_account(p_user_id bigint, p_is_test boolean, p_test_credits numeric, p_now timestamptz) returns boolean
        language plpgsql as $$
        declare
            v_changed boolean;
        begin
            select is_test_account <> p_is_test into v_changed from user_balances where user_id = p_user_id and erased_at is null for update;
            if v_changed then
                update user_balances set is_test_account = p_is_test, updated_at = p_now where user_id = p_user_id;
                if p_is_test then
                    perform grant_start_credits(p_user_id, p_test_credits, 'test_credits', p_now);
                end if;
            end if;

            return v_changed;
        end $$;

        -- Takes a person's name off what he did: the amounts stay and add up, what callers wrote beside them goes. With the rights of
        -- the owner, since the serving role changes no row of the ledger.
        create function erase_account(p_user_id bigint, p_now timestamptz) returns void
        language plpgsql security definer set search_path = billing, pg_temp as $$
        begin
            -- Also for somebody of whom nothing was heard yet: his registration may come later, and opens nothing then.
            insert into user_balances as account (user_id, created_at, updated_at, erased_at) values (p_user_id, p_now, p_now, p_now)
            on conflict (user_id) do update set erased_at = excluded.erased_at, updated_at = excluded.updated_at
            where account.erased_at is null;

            update credit_transactions set
                metadata = null, idempotency_key = null, request_hash = null,
                -- A name on the rate card is the business's; whatever else stands there the caller wrote.
                operation = case when kind <> 'debit' or exists (select from operations o where o.name = operation) then operation else 'erased' end
            where user_id = p_user_id;
            delete from subscriptions where user_id = p_user_id;
        end $$;
        """;

    protected override string DownSql => """
        drop function erase_account;
        drop function mark_test_account;
        drop function open_account;
        drop table subscriptions;
        drop table plans;
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Fact("subscriptions"),
        Dropped.Derived("plans", "the way up fills it"),
    ];

    protected override string VerifySql => """
        select (select count(*) from plans) = 3 and to_regproc('erase_account') is not null
        """;
}
