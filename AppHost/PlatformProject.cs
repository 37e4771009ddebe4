namespace Platform.AppHost;

internal static class PlatformProject
{
    /// <summary>
    /// A project of this solution, started from what the build has put beside the app host: <c>dotnet run</c>, which Aspire would use, is
    /// a second process for each and half a minute of the start.
    /// </summary>
    /// <param name="project">Its folder in <c>src</c>.</param>
    /// <param name="program">Name of its assembly, when it differs from the project's.</param>
    public static IResourceBuilder<ProjectResource> AddPlatformProject(
        this IDistributedApplicationBuilder builder, string name, string project, string? program = null)
    {
        // artifacts/bin/AppHost/release/, artifacts/bin/Users/release/Users.dll
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var folder = Path.GetFullPath(Path.Combine(here.FullName, "..", "..", project, here.Name));
        var source = Path.GetFullPath(Path.Combine("..", "src", project, $"{project}.csproj"), builder.AppHostDirectory);
        return builder.AddProject(name, source, launchProfileName: null)
            .WithAnnotation(new ExecutableAnnotation { Command = "dotnet", WorkingDirectory = folder })
            .WithArgs(Path.Combine(folder, $"{program ?? project}.dll"))
            // Otherwise they come from a launch profile, and without one everything would be in production.
            .WithEnvironment("DOTNET_ENVIRONMENT", builder.Environment.EnvironmentName)
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", builder.Environment.EnvironmentName);
    }
}
