using System.Collections.Concurrent;
using MLNetDeep.Engines;

namespace MLNetDeep.Transformers;

/// <summary>Copies of an executable: any number of threads borrow one each.</summary>
internal sealed class ExecutablePool
{
    private readonly IExecutable _template;
    private readonly ConcurrentBag<IExecutable> _free;

    /// <param name="template">The first of them.</param>
    public ExecutablePool(IExecutable template) => (_template, _free) = (template, [template]);

    public IExecutable Rent()
    {
        if (_free.TryTake(out IExecutable? executable))
            return executable;
        lock (_template)
            return _template.Fork();
    }

    /// <summary>Gives one back: once, as another thread may have it next.</summary>
    public void Return(IExecutable executable) => _free.Add(executable);
}
