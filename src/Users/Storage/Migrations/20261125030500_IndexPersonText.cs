using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>Parts of names, phones and addresses, and people in the order in which they came.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261125030500_IndexPersonText")]
internal sealed class IndexPersonText : ConcurrentIndexMigration
{
    protected override IReadOnlyList<ConcurrentIndex> Indexes =>
    [
        new("ix_users_person_text", "on users using gin (person_text(full_name, username, phone, email) extensions.gin_trgm_ops)"),
        new("ix_users_created_at", "on users (created_at, id)"),
    ];
}
