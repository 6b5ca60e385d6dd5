using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataViewSchema
{
    public sealed partial class Annotations
    {
        /// <summary>Builds annotations one by one.</summary>
        public sealed class Builder
        {
            private readonly List<(DetachedColumn Column, Delegate Getter)> _items = [];

            /// <summary>Creates an empty builder.</summary>
            public Builder()
            {
            }

            /// <summary>Adds an annotation.</summary>
            public void Add<TValue>(string name, DataViewType type, ValueGetter<TValue> getter, Annotations? annotations = null)
            {
                ArgumentException.ThrowIfNullOrEmpty(name);
                ArgumentNullException.ThrowIfNull(type);
                ArgumentNullException.ThrowIfNull(getter);
                if (type.RawType != typeof(TValue))
                    throw new ArgumentException($"type.RawType must be of type '{typeof(TValue).FullName}'.", nameof(type));
                _items.Add((new(name, type, annotations), getter));
            }

            /// <summary>Adds an annotation whose getter is a <see cref="ValueGetter{TValue}"/> of the type's raw type.</summary>
            public void Add(string name, DataViewType type, Delegate getter, Annotations? annotations = null)
            {
                ArgumentException.ThrowIfNullOrEmpty(name);
                ArgumentNullException.ThrowIfNull(type);
                ArgumentNullException.ThrowIfNull(getter);
                if (getter.GetType() != typeof(ValueGetter<>).MakeGenericType(type.RawType))
                    throw new ArgumentException($"The getter must be a ValueGetter of '{type.RawType}'.", nameof(getter));
                _items.Add((new(name, type, annotations), getter));
            }

            /// <summary>Takes over annotations whose name is selected.</summary>
            public void Add(Annotations? annotations, Func<string, bool> selector)
            {
                ArgumentNullException.ThrowIfNull(selector);
                if (annotations is null)
                    return;
                foreach (var column in annotations.Schema)
                    if (selector(column.Name))
                        _items.Add((new(column), annotations._getters[column.Index]));
            }

            /// <summary>Adds a plain value.</summary>
            public void AddPrimitiveValue<TValue>(string name, PrimitiveDataViewType type, TValue value, Annotations? annotations = null)
                => Add(name, type, (ref TValue destination) => destination = value, annotations);

            /// <summary>The annotations added so far.</summary>
            public Annotations ToAnnotations()
                => new(new([.. _items.Select(i => i.Column)]), [.. _items.Select(i => i.Getter)]);
        }
    }
}
