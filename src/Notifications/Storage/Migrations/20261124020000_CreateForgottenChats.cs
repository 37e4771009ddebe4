using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.ServiceDefaults.Database;

namespace Platform.Notifications.Storage.Migrations;

/// <summary>Which chats of erased people must not come back: see <see cref="Delivery.DeletedChats"/>.</summary>
[DbContext(typeof(NotificationsDb))]
[Migration("20261124020000_CreateForgottenChats")]
internal sealed class CreateForgottenChats : SqlMigration
{
    protected override string UpSql => """
        create table forgotten_chats (
            digest bytea primary key constraint ck_forgotten_chats_digest check (length(digest) = 32),
            erased_at timestamptz not null
        );
        create index ix_forgotten_chats_erased_at on forgotten_chats (erased_at);
        """;

    protected override string DownSql => "drop table forgotten_chats;";

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Fact("forgotten_chats"),
    ];

    protected override string VerifySql => "select to_regclass('forgotten_chats') is not null";
}
