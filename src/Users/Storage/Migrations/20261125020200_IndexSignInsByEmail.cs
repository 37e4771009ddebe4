using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>For blocking, recovering and erasing somebody who signed in by e-mail.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261125020200_IndexSignInsByEmail")]
internal sealed class IndexSignInsByEmail : ConcurrentIndexMigration
{
    protected override IReadOnlyList<ConcurrentIndex> Indexes => [new("ix_token_families_email", "on token_families (email) where email is not null", Unique: false)];
}
