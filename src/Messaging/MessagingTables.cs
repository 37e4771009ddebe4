namespace Platform.Messaging;

/// <summary>The outbox and inbox tables in each service's schema.</summary>
public static class MessagingTables
{
    /// <remarks>
    /// <c>id</c> is a version 7 UUID, so its order is roughly the order of writes. <c>not_before</c> delays a row that the broker
    /// refused, so that it does not block the others. Vacuum early, or the relay reads many dead rows.
    /// </remarks>
    public const string Sql = """
        create table outbox (
            id uuid primary key,
            type text not null,
            payload jsonb not null,
            traceparent text,
            created_at timestamptz not null,
            attempts int not null default 0,
            not_before timestamptz
        ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

        create table inbox (
            message_id uuid not null,
            consumer text not null,
            received_at timestamptz not null,
            primary key (message_id, consumer)
        );
        create index ix_inbox_received_at on inbox (received_at);
        """;

    public const string DropSql = "drop table inbox; drop table outbox;";
}
