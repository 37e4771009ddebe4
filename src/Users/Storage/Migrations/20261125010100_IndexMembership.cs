using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>The counter looks members up by the number of the card, the jobs by the end of premium.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261125010100_IndexMembership")]
internal sealed class IndexMembership : ConcurrentIndexMigration
{
    protected override IReadOnlyList<ConcurrentIndex> Indexes =>
    [
        new("ix_users_member_id", "on users (member_id)", Unique: true),
        new("ix_users_membership_expires", "on users (membership_expires) where membership_type = 'premium'"),
    ];
}
