using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>
/// The one key that the bots shared might act for the staff, as the barista bot's does: it goes on as that one's, and the
/// next start gives it the value that the settings have. What it signed in stays signed in.
/// </summary>
[DbContext(typeof(UsersDb))]
[Migration("20261122010400_RenameBotKey")]
internal sealed class RenameBotKey : SqlMigration
{
    protected override string UpSql => "update bot_keys set name = 'barista-bot' where name = 'bots';";

    protected override string DownSql => "update bot_keys set name = 'bots' where name = 'barista-bot';";

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Derived("bot_keys", "name", "it is called as before"),
    ];

    protected override string VerifySql => "select not exists (select from bot_keys where name = 'bots')";
}
