namespace JobCloud.Protocol.Environments;

/// <summary>All that can be wrong with an environment or a volume by itself.</summary>
public static class DefinitionCheck
{
    private const string OwnVariables = "JOBCLOUD_";

    // The kernel's own, which every job needs as they are.
    private static readonly string[] Reserved = ["/proc", "/dev", "/sys"];

    /// <summary>Each problem in a sentence; empty: it can be used.</summary>
    public static IReadOnlyList<string> Problems(Definition definition, DefinitionLimits limits) =>
        definition.WhatCase switch
        {
            Definition.WhatOneofCase.Environment =>
            [
                .. NameProblems(definition, limits),
                .. EnvironmentProblems(definition.Environment),
            ],
            Definition.WhatOneofCase.Volume =>
            [
                .. NameProblems(definition, limits),
                .. VolumeProblems(definition.Volume),
            ],
            _ => ["It is neither an environment nor a volume."],
        };

    /// <summary>Why a path will not do; null: it is absolute and says where it leads.</summary>
    public static string? OfPath(string what, string path)
    {
        if (path.Length == 0 || path[0] != '/')
            return $"The {what} '{path}' is not absolute; begin it with /.";
        if (path.Any(char.IsControl))
            return $"The {what} holds a control character; remove it.";
        if (path == "/")
            return $"The {what} cannot be / itself; name a directory below it.";
        return path[1..].Split('/').Any(part => part is "" or "." or "..")
            ? $"The {what} '{path}' has an empty part, '.' or '..'; write it without."
            : null;
    }

    private static IEnumerable<string> NameProblems(Definition definition, DefinitionLimits limits)
    {
        var name = Definitions.NameOf(definition);
        var word = Definitions.Word(Definitions.KindOf(definition));
        if (name.Length == 0 || name.Length > limits.NameLength || !IsName(name))
        {
            var article = word[0] is 'e' ? "an" : "a";
            yield return $"'{name}' cannot name {article} {word}; give 1 to {limits.NameLength} "
                + "letters, digits, '-' and '_', the first a letter or digit.";
        }
        if (definition.CalculateSize() is var size && size > limits.Bytes)
            yield return $"The {word} '{name}' has {size} bytes; it may have {limits.Bytes}.";
    }

    private static bool IsName(string name) =>
        char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static IEnumerable<string> EnvironmentProblems(EnvironmentDefinition environment)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var variable in environment.Variables)
        {
            if (variable.Name.Length == 0 || variable.Name.AsSpan().ContainsAny('=', '\0'))
                yield return $"'{variable.Name}' cannot be the name of a variable.";
            else if (variable.Name.StartsWith(OwnVariables, StringComparison.Ordinal))
                yield return $"The variable '{variable.Name}' is JobCloud's own; choose another name.";
            else if (!names.Add(variable.Name))
                yield return $"The variable '{variable.Name}' is set twice; set it once.";
            if (variable.Value.Contains('\0'))
                yield return $"The variable '{variable.Name}' holds a NUL character; remove it.";
        }
        foreach (var directory in environment.Path)
        {
            if (OfPath("directory of PATH", directory) is { } problem)
                yield return problem;
            else if (directory.Contains(':'))
                yield return $"The directory of PATH '{directory}' holds a colon; give each by itself.";
        }
        if (environment.Setup.Contains('\0'))
            yield return "The setup line holds a NUL character; remove it.";
        if (environment.Root.Length > 0 && OfPath("root", environment.Root) is { } wrong)
            yield return wrong;
        if (environment is { ReadOnly: true, Root: "" })
            yield return "Only a root can be read-only; name a root, or leave that out.";
    }

    private static IEnumerable<string> VolumeProblems(VolumeDefinition volume)
    {
        if (OfPath("directory", volume.Directory) is { } directory)
            yield return directory;
        if (OfPath("mount path", volume.MountPath) is { } path)
            yield return path;
        else if (Reserved.Any(own => IsWithin(volume.MountPath, own)))
            yield return $"The mount path '{volume.MountPath}' is the kernel's; choose another.";
    }

    /// <summary>Whether a path is this directory or lies below it.</summary>
    public static bool IsWithin(string path, string directory) =>
        path.StartsWith(directory, StringComparison.Ordinal)
        && (path.Length == directory.Length || path[directory.Length] == '/');
}
