using System.Reflection;
using System.Runtime.InteropServices;

namespace Platform.Testing;

/// <summary>Paths of the sources and of the programs that were built with the running tests.</summary>
public static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "RepositoryRoot").Value!;

    /// <summary>The <c>dotnet</c> that runs these tests.</summary>
    internal static string Dotnet { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../../dotnet"));

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>The built program of a project, from the same build as the running tests: <c>bin/[project]/debug/[assembly].dll</c>.</summary>
    /// <param name="project">The project's name: <c>Users</c>.</param>
    /// <param name="assembly">The assembly's name, if it differs from the project's.</param>
    public static string Program(string project, string? assembly = null)
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var path = Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, $"{assembly ?? project}.dll");
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"{path} is not built: reference src/{project} from the test project, or build Platform.sln.", path);
    }

    /// <param name="service">The service's name, <c>loyalty</c> for the project <c>Loyalty</c>.</param>
    internal static string ServiceProgram(string service) => Program(char.ToUpperInvariant(service[0]) + service[1..]);
}
