using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>
/// What the search of people looks through: name, username, phone and e-mail as one text in lower case, with <c>ё</c> as <c>е</c>. The
/// database's function <c>person_text</c>, whose parts the index <c>ix_users_person_text</c> finds.
/// </summary>
internal static class PersonText
{
    /// <summary>Within queries of <see cref="UsersDb"/> only.</summary>
    public static string Of(string fullName, string? username, string? phone, string? email) =>
        throw new InvalidOperationException($"person_text({fullName}, {username}, {phone}, {email}) is the database's to know.");

    /// <summary>What is looked for, in the same spelling.</summary>
    public static string Fold(string text) => text.ToLowerInvariant().Replace('ё', 'е');
}
