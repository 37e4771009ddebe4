using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>Passwords, logins and keys that the settings had before, so that a replica which still has them does not bring them back.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261128040300_AddReplacedSettings")]
internal sealed class AddReplacedSettings : SqlMigration
{
    protected override string UpSql => """
        alter table credentials add column settings_version int;
        alter table credentials add constraint ck_credentials_settings_version check (settings_version >= 0) not valid;
        create table replaced_settings (
            id bigint generated always as identity primary key,
            setting text not null constraint ck_replaced_settings_setting check (length(setting) between 1 and 100),
            hash text not null,
            replaced_at timestamptz not null
        );
        create index ix_replaced_settings_setting on replaced_settings (setting, id);
        """;

    protected override string DownSql => """
        drop table replaced_settings;
        alter table credentials drop column settings_version;
        """;

    protected override IReadOnlyList<Dropped> Drops =>
    [
        Dropped.Derived("replaced_settings", "they guard a change of settings that is under way"),
        Dropped.Derived("credentials", "settings_version", "each start writes it"),
    ];

    protected override string VerifySql => "select to_regclass('replaced_settings') is not null";
}
