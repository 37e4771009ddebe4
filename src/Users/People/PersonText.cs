using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>
/// The text that people are searched by: name, username, phone and e-mail in lower case, with <c>ё</c> as <c>е</c>. Computed by the
/// database function <c>person_text</c> and indexed by <c>ix_users_person_text</c>.
/// </summary>
internal static class PersonText
{
    /// <summary>Translates to SQL; only for queries of <see cref="UsersDb"/>.</summary>
    public static string Of(string fullName, string? username, string? phone, string? email) =>
        throw new InvalidOperationException($"person_text({fullName}, {username}, {phone}, {email}) runs in the database only.");

    /// <summary>Folds a search term to the same form.</summary>
    public static string Fold(string text) => text.ToLowerInvariant().Replace('ё', 'е');
}
