using Platform.Users.Storage;

namespace Platform.Users.People;

/// <summary>What people are searched by: name, username, phone and e-mail in lower case, <c>ё</c> as <c>е</c>, as SQL's <c>person_text</c>.</summary>
internal static class PersonText
{
    /// <summary>Translates to SQL; only for queries of <see cref="UsersDb"/>.</summary>
    public static string Of(string fullName, string? username, string? phone, string? email) =>
        throw new InvalidOperationException($"person_text({fullName}, {username}, {phone}, {email}) runs in the database only.");

    public static string Fold(string text) => text.ToLowerInvariant().Replace('ё', 'е');
}
