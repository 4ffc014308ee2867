namespace JobCloud.Chaos;

/// <summary>Answers of several nodes to one question.</summary>
public static class Answers
{
    /// <summary>The first answer that is not null; null: there is none.</summary>
    public static async Task<T?> FirstAsync<T>(IEnumerable<Task<T?>> answers)
        where T : class
    {
        await foreach (var answered in Task.WhenEach(answers))
            if (await answered is { } answer)
                return answer;
        return null;
    }
}
