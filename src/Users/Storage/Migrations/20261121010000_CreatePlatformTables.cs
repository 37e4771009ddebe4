using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.Web;
using Platform.ServiceDefaults.Web.Keys;

namespace Platform.Users.Storage.Migrations;

/// <summary>What every service has in its schema, and the keys that all of them read access tokens with.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261121010000_CreatePlatformTables")]
internal sealed class CreatePlatformTables : SqlMigration
{
    protected override string UpSql => $"{PlatformTables.Up("users")}\n{RevokedUsers.StaffSql}\n{PlatformKeys.Sql}";

    protected override string DownSql => $"{PlatformKeys.DropSql}\n{RevokedUsers.StaffDropSql}\n{PlatformTables.Down("users")}";

    protected override IReadOnlyList<Dropped> Drops =>
    [
        .. PlatformTables.Drops,
        Dropped.Fact("revoked_staff"),
        Dropped.Derived("platform.keys", "a new key is made, and people sign in again"),
    ];

    protected override string VerifySql => $"""
        select ({PlatformTables.VerifySql}) and ({RevokedUsers.StaffVerifySql})
            and has_table_privilege('users', 'platform.keys', 'select, insert')
            and not has_table_privilege('users', 'platform.keys', 'update')
            and has_table_privilege('platform_keys_reader', 'platform.keys', 'select')
            and not has_table_privilege('users', 'audit', 'update')
            and not has_table_privilege('users', 'audit', 'delete')
        """;
}
