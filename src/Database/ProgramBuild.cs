using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Platform.Database;

/// <summary>A hash of a program's projects and packages. Also compiled into Ops, which compares it with the one in <c>CompletedVerbs</c>.</summary>
internal static class ProgramBuild
{
    /// <param name="program">Path of the program's <c>.dll</c>. Files beside it are read too.</param>
    /// <returns>Null when unknown, for example without the <c>.deps.json</c> file.</returns>
    public static string? Of(string program)
    {
        var libraries = Path.ChangeExtension(program, ".deps.json");
        if (!File.Exists(program) || !File.Exists(libraries))
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var text = File.ReadAllBytes(libraries);
        hash.AppendData(text);
        foreach (var project in Projects(text).Order(StringComparer.Ordinal))
        {
            var path = Path.Combine(Path.GetDirectoryName(program)!, $"{project}.dll");
            if (!File.Exists(path))
            {
                return null;
            }

            hash.AppendData(Encoding.UTF8.GetBytes(project));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(path)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // The list has the versions of packages, but only their files tell builds of projects apart.
    private static IEnumerable<string> Projects(byte[] libraries)
    {
        using var document = JsonDocument.Parse(libraries);
        return
        [
            .. from library in document.RootElement.GetProperty("libraries").EnumerateObject()
               where library.Value.GetProperty("type").GetString() == "project"
               select library.Name.Split('/')[0],
        ];
    }
}
