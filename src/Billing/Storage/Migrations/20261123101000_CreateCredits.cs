using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Billing.Storage.Migrations;

/// <summary>Balances, the ledger that they are the sum of, and the rate card.</summary>
[DbContext(typeof(BillingDb))]
[Migration("20261123101000_CreateCredits")]
internal sealed class CreateCredits : SqlMigration
{
    protected override string UpSql => """
        -- Rewritten by every deduction: room on the page keeps the new version beside the old one and out of the index.
        create table user_balances (
            user_id bigint primary key,
            balance numeric(10, 2) not null default 0 constraint ck_user_balances_balance check (balance >= -5.00),
            total_spent numeric(12, 2) not null default 0 constraint ck_user_balances_total_spent check (total_spent >= 0),
            is_test_account boolean not null default false,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            erased_at timestamptz
        ) with (fillfactor = 70);

        -- Each row is a transfer between a person's credits and a contra account of the business, so the whole sums to zero. It is
        -- partitioned by person: a history reads one partition, and the same key spreads it over machines later. The ids of a person
        -- are in the order of what happened, since his balance is locked meanwhile: newest first needs no index but the key. No
        -- foreign key, which would look the locked balance up once more; verify finds a row without its balance.
        create table credit_transactions (
            user_id bigint not null,
            id bigint generated always as identity,
            kind varchar(16) not null constraint ck_credit_transactions_kind check (kind in ('debit', 'grant')),
            change numeric(10, 2) not null constraint ck_credit_transactions_change check (change <> 0 and (change < 0) = (kind = 'debit')),
            amount numeric(10, 2) generated always as (abs(change)) stored,
            contra varchar(16) not null constraint ck_credit_transactions_contra check (contra in ('usage', 'promotions')),
            operation varchar(500) not null constraint ck_credit_transactions_operation check (operation <> ''),
            metadata jsonb constraint ck_credit_transactions_metadata check (jsonb_typeof(metadata) = 'object'),
            balance_after numeric(10, 2) not null,
            source_id varchar(64),
            idempotency_key varchar(255),
            request_hash bytea,
            created_at timestamptz not null,
            primary key (user_id, id),
            constraint ck_credit_transactions_idempotency check ((idempotency_key is null) = (request_hash is null))
        ) partition by hash (user_id);
        create unique index ix_credit_transactions_idempotency on credit_transactions (user_id, idempotency_key) where idempotency_key is not null;
        create unique index ix_credit_transactions_source on credit_transactions (user_id, source_id) where source_id is not null;

        do $$
        begin
            for i in 0..15 loop
                execute format('create table credit_transactions_%s partition of credit_transactions for values with (modulus 16, remainder %s)', lpad(i::text, 2, '0'), i);
                execute format('revoke update, delete, truncate on credit_transactions_%s from billing', lpad(i::text, 2, '0'));
            end loop;
        end $$;
        revoke update, delete, truncate on credit_transactions from billing;

        -- The rate card.
        create table operations (
            name varchar(500) primary key constraint ck_operations_name check (name <> ''),
            price numeric(10, 2) constraint ck_operations_price check (price > 0),
            price_per_1000_tokens numeric(10, 2) constraint ck_operations_price_per_1000_tokens check (price_per_1000_tokens > 0),
            constraint ck_operations_one_price check ((price is null) <> (price_per_1000_tokens is null))
        );

        -- Gives a person what is missing of his start credits: once for each source, also when more is given by the time he is told of again.
        create function grant_start_credits(p_user_id bigint, p_up_to numeric, p_source_id text, p_now timestamptz) returns void
        language plpgsql as $$
        declare
            v_account user_balances;
            v_missing numeric;
        begin
            select * into v_account from user_balances where user_id = p_user_id for update;
            if v_account.erased_at is not null then
                return;
            end if;

            select p_up_to - coalesce(sum(change), 0) into v_missing
            from credit_transactions where user_id = p_user_id and source_id in ('start_credits', 'test_credits');
            if v_missing <= 0 then
                return;
            end if;

            insert into credit_transactions (user_id, kind, change, contra, operation, balance_after, source_id, created_at)
            values (p_user_id, 'grant', v_missing, 'promotions', p_source_id, v_account.balance + v_missing, p_source_id, p_now)
            on conflict (user_id, source_id) where source_id is not null do nothing;
            if found then
                update user_balances set balance = balance + v_missing, updated_at = p_now where user_id = p_user_id;
            end if;
        end $$;

        -- A whole deduction in one round trip, all or nothing. Whose balance it is decides who waits for whom: it is locked first.
        create function deduct_credits(
            p_user_id bigint, p_amount numeric, p_operation text, p_metadata jsonb, p_tokens bigint, p_trusted boolean,
            p_idempotency_key text, p_request_hash bytea, p_now timestamptz,
            out result text, out balance_before numeric, out balance_after numeric, out shortfall numeric, out price numeric)
        language plpgsql as $$
        #variable_conflict use_column
        declare
            v_overdraft constant numeric := 5.00;
            v_account user_balances;
            v_operation operations;
            v_earlier credit_transactions;
        begin
            select * into v_account from user_balances where user_id = p_user_id for update;
            if v_account.user_id is null or v_account.erased_at is not null then
                result := case when v_account.user_id is null then 'account_opening' else 'account_not_found' end;
                return;
            end if;

            select * into v_operation from operations where name = p_operation;
            price := coalesce(v_operation.price, ceil(p_tokens * v_operation.price_per_1000_tokens / 10) / 100);
            balance_before := v_account.balance;
            balance_after := v_account.balance - p_amount;
            result := case
                -- What is on no card, and how many tokens it took, is believed to those who have no interest in it.
                when v_operation.price is null and not p_trusted and not v_account.is_test_account then 'operation_not_priced'
                when v_operation.price_per_1000_tokens is not null and p_tokens is null then 'tokens_required'
                when price <> p_amount then 'price_mismatch'
                when balance_after < -v_overdraft then 'insufficient_credits'
                else 'deducted'
            end;

            if result = 'deducted' then
                insert into credit_transactions (user_id, kind, change, contra, operation, metadata, balance_after, idempotency_key, request_hash, created_at)
                values (p_user_id, 'debit', -p_amount, 'usage', p_operation, p_metadata, balance_after, p_idempotency_key, p_request_hash, p_now)
                on conflict (user_id, idempotency_key) where idempotency_key is not null do nothing;
                if found then
                    update user_balances set balance = deduct_credits.balance_after, total_spent = total_spent + p_amount, updated_at = p_now
                    where user_id = p_user_id;
                    return;
                end if;
            end if;

            -- Refused, or done before. Only now the key is looked up: a call that comes for the first time does not pay for it.
            if p_idempotency_key is not null then
                select * into v_earlier from credit_transactions where user_id = p_user_id and idempotency_key = p_idempotency_key;
                if found then
                    result := case when v_earlier.request_hash = p_request_hash then 'repeated' else 'idempotency_key_reused' end;
                    balance_after := v_earlier.balance_after;
                    balance_before := v_earlier.balance_after - v_earlier.change;
                    return;
                end if;
            end if;

            if result = 'insufficient_credits' then
                shortfall := -v_overdraft - balance_after;
            end if;
        end $$;
        """;

    protected override string DownSql => """
        drop function deduct_credits;
        drop function grant_start_credits;
        drop table operations;
        drop table credit_transactions;
        drop table user_balances;
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Fact("operations"),
        Dropped.Fact("credit_transactions"),
        Dropped.Fact("user_balances"),
    ];

    protected override string VerifySql => """
        select (select count(*) from pg_inherits where inhparent = 'credit_transactions'::regclass) = 16
            and not has_table_privilege('billing', 'credit_transactions', 'update')
            and not has_table_privilege('billing', 'credit_transactions', 'delete')
            and to_regproc('deduct_credits') is not null
        """;
}
