using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Billing.Credits;
using Platform.Database;

namespace Platform.Billing.Storage.Migrations;

/// <summary>Balances, the ledger that they are the sum of, the rate card, plans and subscriptions.</summary>
[DbContext(typeof(BillingDb))]
[Migration("20261123101000_CreateCredits")]
internal sealed class CreateCredits : SqlMigration
{
    protected override string UpSql => $$"""
        -- Rewritten by every deduction: free space on the page keeps the new version beside the old one and out of the index.
        create table user_balances (
            user_id bigint primary key,
            balance numeric(10, 2) not null default 0 constraint ck_user_balances_balance check (balance >= -{{Overdraft.Limit}}),
            total_spent numeric(12, 2) not null default 0 constraint ck_user_balances_total_spent check (total_spent >= 0),
            is_test_account boolean not null default false,
            created_at timestamptz not null,
            updated_at timestamptz not null,
            erased_at timestamptz
        ) with (fillfactor = 70);

        -- Each row is a transfer between a person's credits and a contra account of the business, so all rows sum to zero. Partitioned
        -- by person: a history reads one partition, and the same key can spread it over machines later. The ids of one person are in the
        -- order of the events, since the balance is locked for each: newest first needs no index but the key. No foreign key, which
        -- would look up the locked balance once more; verify finds a row without its balance.
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

        create table plans (
            key varchar(32) primary key constraint ck_plans_key check (key ~ '^[a-z][a-z0-9_]*$'),
            rank int not null unique constraint ck_plans_rank check (rank >= 0),
            price numeric(10, 2) not null constraint ck_plans_price check (price >= 0),
            period_months int not null constraint ck_plans_period_months check (period_months between 1 and 12),
            letters_per_period int not null constraint ck_plans_letters_per_period check (letters_per_period >= 0),
            iterations_per_letter int not null constraint ck_plans_iterations_per_letter check (iterations_per_letter >= 0)
        );

        -- One per person, from registration on: the current plan and period.
        create table subscriptions (
            user_id bigint primary key references user_balances (user_id),
            plan varchar(32) not null references plans (key),
            period_start timestamptz not null,
            period_end timestamptz not null constraint ck_subscriptions_period check (period_end > period_start),
            letters_used int not null default 0 constraint ck_subscriptions_letters_used check (letters_used >= 0)
        );

        create type deduction_outcome as enum (
            'deducted', 'repeated', 'idempotency_key_reused', 'account_opening', 'account_not_found',
            'operation_not_priced', 'tokens_required', 'price_mismatch', 'insufficient_credits');
        """;

    protected override string DownSql => """
        -- With the function that answers it, when only this migration is rolled back.
        drop type deduction_outcome cascade;
        drop table subscriptions;
        drop table plans;
        drop table operations;
        drop table credit_transactions;
        drop table user_balances;
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Fact("subscriptions"),
        Dropped.Derived("plans", "each migrate fills it"),
        Dropped.Fact("operations"),
        Dropped.Fact("credit_transactions"),
        Dropped.Fact("user_balances"),
    ];

    protected override string VerifySql => """
        select (select count(*) from pg_inherits where inhparent = 'credit_transactions'::regclass) = 16
            and not has_table_privilege('billing', 'credit_transactions', 'update')
            and not has_table_privilege('billing', 'credit_transactions', 'delete')
        """;
}
