using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Platform.Database;

/// <summary>
/// Which build of a program this is: a hash of the projects that it is made of and of the list of its packages. Compiled into Ops
/// too, which compares it with what the service has written down (<c>CompletedVerbs</c>).
/// </summary>
internal static class ProgramBuild
{
    /// <param name="program">Path of the program's <c>.dll</c>; what stands beside it is read too.</param>
    /// <returns>Null when it cannot be told, as of a program that is not laid out as a build leaves it.</returns>
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

    // Packages are listed with their versions, which is enough; of projects only the files tell one build from another.
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
