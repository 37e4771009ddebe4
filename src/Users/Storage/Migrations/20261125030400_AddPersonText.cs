using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.Database;

namespace Platform.Users.Storage.Migrations;

/// <summary>What the search of people looks through, as one text.</summary>
[DbContext(typeof(UsersDb))]
[Migration("20261125030400_AddPersonText")]
internal sealed class AddPersonText : SqlMigration
{
    // Immutable, as an index of it must be, and plain enough for the planner to read through.
    protected override string UpSql => """
        create function person_text(full_name text, username text, phone text, email text) returns text
        language sql immutable parallel safe
        return replace(lower(
            full_name || ' ' || coalesce(username, '') || ' ' || coalesce(phone, '') || ' ' || coalesce(email, '')), 'ё', 'е');
        """;

    protected override string DownSql => "drop function person_text;";

    protected override string VerifySql => """
        select person_text('Пётр Ёлкин', 'PETR', '+79991234567', null) = 'петр елкин petr +79991234567 '
        """;
}
